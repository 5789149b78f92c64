"""What is the article and what is not: rules on lines and blocks, doubling, joining, and the record of every removal."""
