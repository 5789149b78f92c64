"""Which files the inputs mean: on the local disk and in object stores."""
