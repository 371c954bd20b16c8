"""Servers that stand for the services: real sockets on this machine, faults by schedule, a log of what was asked."""
