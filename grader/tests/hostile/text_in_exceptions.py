"""Raises an exception whose message is an attack on whoever reads it.

Holds: problem import_error
Shows: owned
"""

raise RuntimeError("\x1b]0;owned\x07\x1b[2J\x1b[31m\r\u202eevil\u2066\u200b\x9b31m\ud800 ::error file=x::owned\n::add-mask::x\n<script>alert(1)</script> ]]></failure> [bold red]**owned**[/] `a` | b |" * 1000)
