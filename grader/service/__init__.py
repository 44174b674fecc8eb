"""The submission as a running service, in a process of its own.

``warm_parent``, ``child``, ``loading`` (and ``channel``) run on the submission's side and import
the standard library alone; ``launcher``, ``running``, ``console`` and ``scratch`` are the
examiner's.
"""
