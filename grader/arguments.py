"""What the commands share: a parser whose errors are one sentence, and types of arguments."""

import argparse
import difflib
import random
from typing import NoReturn

from grader.errors import UsageError


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(_did_you_mean(message, self))


def _did_you_mean(message: str, parser: argparse.ArgumentParser) -> str:
    prefix = "unrecognized arguments: "
    if message.startswith(prefix):
        given = message[len(prefix) :].split()[0]
        options = list(parser._option_string_actions)
        near = difflib.get_close_matches(given.split("=")[0], options, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return f"There is no option {given}.{meant} See python -m grader --help."
    return f"{message[:1].upper()}{message[1:]}. See python -m grader --help."


def seed(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError("the seed lies between 0 and 4294967295")
    return value


def new_seed() -> int:
    """A seed that nobody chose."""
    return random.SystemRandom().randrange(10**6)
