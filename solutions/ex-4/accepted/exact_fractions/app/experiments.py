"""The configuration and the choice of a variant."""

import json
import uuid
from fractions import Fraction
from typing import Dict, List

NAMESPACE = uuid.UUID("0d1f5c0e-5c83-4a5e-9d5a-9b1c2f6c9a10")


class Broken(Exception):
    """The file cannot be used."""


class Experiment:
    def __init__(self, name: str, variants: List[str], weights: List[Fraction]) -> None:
        self.namespace = uuid.uuid5(NAMESPACE, name)
        self.variants = variants
        self.weights = weights

    def variant_for(self, user_id: str) -> str:
        point = Fraction(uuid.uuid5(self.namespace, user_id).int % 10**9, 10**9) * sum(self.weights)
        position = 0
        while point >= self.weights[position]:
            point -= self.weights[position]
            position += 1
        return self.variants[position]


def parse(text: str) -> Dict[str, Experiment]:
    try:
        raw = json.loads(text, parse_float=Fraction, parse_int=Fraction)
    except ValueError as error:
        raise Broken(f"experiments.json is not JSON: {error}") from error
    experiments = {}
    for name, entry in raw.items():
        if len(entry["variants"]) != len(entry["weights"]):
            raise Broken(f"{name}: as many weights as variants, please")
        if min(entry["weights"]) < 0 or sum(entry["weights"]) == 0:
            raise Broken(f"{name}: weights must not be negative, nor all zero")
        experiments[name] = Experiment(name, entry["variants"], entry["weights"])
    return experiments


class Store:
    def __init__(self, path: str) -> None:
        self.path = path
        self.text = self.read()
        self.experiments = parse(self.text)

    def read(self) -> str:
        with open(self.path, encoding="utf-8") as file:
            return file.read()

    def refresh(self) -> None:
        text = self.read()
        if text != self.text:
            self.text = text
            self.experiments = parse(text)
