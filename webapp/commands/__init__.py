"""The subcommands of `gongkai`, grouped by what people want to do."""
