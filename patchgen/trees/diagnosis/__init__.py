"""Why a patch does not apply: looked into only when git has refused one."""
