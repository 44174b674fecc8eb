import os

from pydantic import BaseModel, SecretStr


class Settings(BaseModel):
    webhook_secret: SecretStr
    largest_body: int = 1024 * 1024

    @classmethod
    def from_environment(cls) -> "Settings":
        return cls(webhook_secret=os.environ.get("CRM_WEBHOOK_SECRET", "dev-webhook-secret"))
