"""The service manager (systemd) that started the coach."""
