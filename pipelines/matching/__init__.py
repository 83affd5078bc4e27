"""Pairs of people who are likely one: found by Splink, kept in the lake, judged by labels."""
