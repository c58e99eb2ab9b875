"""The MQTT broker that is told what happens: topics, messages, Home Assistant, commands, and the connection.

Law: `connection.py` is the one file that knows the library, `link.py` the one with a thread; the others are pure.
"""
