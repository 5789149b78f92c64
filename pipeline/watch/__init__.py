"""`copydesk watch`: what is new in the inputs becomes one ordinary run after another, until it is stopped."""
