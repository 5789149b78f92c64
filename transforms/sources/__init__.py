"""Where a stream's inputs come from: folders that are looked at again and again, and message queues."""
