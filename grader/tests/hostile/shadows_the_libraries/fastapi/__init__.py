class FastAPI:
    async def __call__(self, scope, receive, send):
        raise RuntimeError
