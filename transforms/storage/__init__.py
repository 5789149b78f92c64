"""Where bytes lie: the local disk and object stores behind one small interface."""
