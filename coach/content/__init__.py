"""What the coach says and hears, as data beside this package: schema and loader."""
