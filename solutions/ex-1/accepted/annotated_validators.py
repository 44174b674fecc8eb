"""Types with validators of their own, a service class, notes left out when there are none.

Stretch: NOTES
"""

import uuid
from typing import Any, Dict, List

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, BeforeValidator
from typing_extensions import Annotated


def is_whole(value: Any) -> int:
    if not isinstance(value, int):
        raise ValueError("must be an integer")
    return value


def is_positive(value: int) -> int:
    if value < 1:
        raise ValueError("must be positive")
    return value


def is_address(value: str) -> str:
    name, at, domain = value.partition("@")
    if not (name and at and "." in domain.strip(".")) or " " in value or "@" in domain:
        raise ValueError("must be an e-mail address")
    return value


class Form(BaseModel):
    first_name: str
    last_name: str
    company_name: str
    role: str
    email: Annotated[str, AfterValidator(is_address)]
    company_size: Annotated[int, BeforeValidator(is_whole), AfterValidator(is_positive)]


class Qualifier:
    roles = {"CEO": 1, "CTO": 1, "FOUNDER": 1, "VP OF ENGINEERING": 1}
    private = {"GMAIL.COM", "YAHOO.COM", "OUTLOOK.COM"}

    def notes(self, form: Form) -> List[str]:
        found = []
        if form.company_size not in range(11, 10**12):
            found.append(f"Too small: {form.company_size}")
        if form.role.upper() not in self.roles:
            found.append(f"Wrong person: {form.role}")
        if form.email.upper().partition("@")[2] in self.private:
            found.append(f"Private address: {form.email}")
        return found


app = FastAPI()


@app.post("/leads")
def leads(form: Form, qualifier: Qualifier = Depends(Qualifier)) -> JSONResponse:
    answer: Dict[str, Any] = {"lead_id": str(uuid.uuid4()), **form.model_dump(), "source": "web"}
    notes = qualifier.notes(form)
    answer["status"] = ["Qualified", "Unqualified"][bool(notes)]
    if notes:
        answer["qualification_notes"] = notes
    return JSONResponse(answer, 201, headers={"Location": f"/leads/{answer['lead_id']}"})
