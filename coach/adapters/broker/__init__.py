"""Reports a session to an MQTT broker and takes commands from it: topics, messages, Home Assistant, the connection.

Law: only `connection.py` knows the library, and only `link.py` has threads. The modules that make
messages and judge commands are pure: `topics.py`, `session_messages.py`, `home_assistant.py`, `outgoing_queue.py`,
`command_filter.py`.
"""
