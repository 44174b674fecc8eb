"""The driven clock: fifteen seconds of a service's time pass in a few milliseconds, and only when
told.

In the service: `virtual` (what replaces the standard library's clocks), `waits` (what replaces its
sleeps and time-outs), `selects` (its waits for sockets, so event loops), `timeline` (the time
itself). On the examiner's side: `driver`, which moves the time; `settled`, which tells when the
service has done all that it can do without more time; and `connections`, which tells whether a
request or an answer is still on its way.
"""
