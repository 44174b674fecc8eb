import os

print("BREACH: imported", __name__, flush=True)
os._exit(0)
