"""Pages: from decoded markup to typed blocks, with the main content chosen.

A fast parser finds the part of a page that may be article and prunes it; BeautifulSoup reads only that part.
"""
