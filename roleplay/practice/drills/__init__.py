"""Drills: one moment, one reply, at once its assessment; chosen by what was missed and when, and by what is weakest."""
