"""The sandbox, on real sockets."""
