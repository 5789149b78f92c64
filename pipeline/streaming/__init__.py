"""The unbounded form of the pipeline: inputs that keep arriving become runs of the lake, window by window, each input once."""
