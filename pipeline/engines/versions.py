"""The release of Beam that job servers and Prism have to be of: that of the installed package.

Before: apache-beam 2.77.1 is installed. After: "2.77.1". Read from the package's metadata, since importing Beam takes a second.
"""

from __future__ import annotations

from importlib.metadata import version

BEAM = version("apache-beam")
