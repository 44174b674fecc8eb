"""The slow third party."""

import asyncio
from typing import Any, Dict


async def look_up(domain: str) -> Dict[str, Any]:
    """What the provider knows about a company."""
    await asyncio.sleep(15)
    return {"domain": domain, "company_size": 110, "industry": "Construction"}
