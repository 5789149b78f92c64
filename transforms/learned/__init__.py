"""What a site repeats: lines that several distinct articles of one site share, learned from hashes and cut as leftovers."""
