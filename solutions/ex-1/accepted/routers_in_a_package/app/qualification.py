from typing import Iterator

from .schemas import LeadCreate

TARGETS = frozenset(role.lower() for role in ("CEO", "CTO", "Founder", "VP of Engineering"))
BLOCKED = frozenset(("gmail.com", "yahoo.com", "outlook.com"))


def reasons(lead: LeadCreate) -> Iterator[str]:
    if lead.company_size <= 10:
        yield f"company_size={lead.company_size}"
    if lead.role.lower() not in TARGETS:
        yield f"role={lead.role}"
    if lead.email[lead.email.rindex("@") + 1 :].lower() in BLOCKED:
        yield f"email={lead.email}"
