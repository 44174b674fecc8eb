"""Ways to compare a signature with the right one, each a module with ``check(expected, given)``.

``expected`` is the right signature in hex, ``given`` what came; used by ``test_observation``.
"""

from typing import Dict

# Their time tells how good a guess is.
LEAKING: Dict[str, str] = {
    "equal": "def check(expected, given):\n    return expected == given\n",
    "not_equal": "def check(expected, given):\n    return not given != expected\n",
    "chain": "def check(expected, given):\n    return given == expected == given\n",
    "ordered": "def check(expected, given):\n    return expected <= given and expected >= given\n",
    "reversed": "def check(expected, given):\n    return expected[::-1] == given[::-1]\n",
    "upper_case": "def check(expected, given):\n    return expected.upper() == given.upper()\n",
    "bytes": "def check(e, g):\n    return bytes.fromhex(e) == bytes.fromhex(g)\n",
    "bytearray": "def check(e, g):\n    return bytearray.fromhex(e) == bytes.fromhex(g)\n",
    "number": "def check(e, g):\n    return int(e, 16) == int(g, 16)\n",
    "base64": (
        "from base64 import b64encode as b\n"
        "def check(e, g):\n    return b(bytes.fromhex(e)) == b(bytes.fromhex(g))\n"
    ),
    "f_string": "def check(e, g):\n    return f'sha256={e}' == f'sha256={g}'\n",
    "lists_of_digits": "def check(e, g):\n    return list(e) == list(g)\n",
    "lists_of_one": "def check(e, g):\n    return [e] == [g]\n",
    "tuples": "def check(e, g):\n    return (1, e) == (1, g)\n",
    "dicts": "def check(e, g):\n    return {'signature': e} == {'signature': g}\n",
    "sets": "def check(e, g):\n    return {e} == {g}\n",
    "in_list": "def check(e, g):\n    return g in [e, e]\n",
    "in_string": "def check(e, g):\n    return len(g) == 64 and g in e\n",
    "not_in_dict": "def check(e, g):\n    return not (g not in {e: 1})\n",
    "in_values": "def check(e, g):\n    return g in {'a': e}.values()\n",
    "dict_get": "def check(e, g):\n    return {e: True}.get(g, False)\n",
    "startswith": "def check(e, g):\n    return len(g) == 64 and e.startswith(g)\n",
    "find": "def check(e, g):\n    return e.find(g) + 1 == 1\n",
    "dunder": "def check(e, g):\n    return e.__eq__(g)\n",
    "unbound": "def check(e, g):\n    return str.__eq__(e, g)\n",
    "operator": "import operator\ndef check(e, g):\n    return operator.eq(e, g)\n",
    "operator_by_name": "from operator import ne\ndef check(e, g):\n    return not ne(e, g)\n",
    "regex": "import re\ndef check(e, g):\n    return bool(re.fullmatch(e, g))\n",
    "compiled_regex": "import re\ndef check(e, g):\n    return bool(re.compile(e).match(g))\n",
    "commonprefix": (
        "import os.path\ndef check(e, g):\n    return os.path.commonprefix([e, g]) == e\n"
    ),
    "likeness": (
        "import difflib\ndef check(e, g):\n"
        "    return difflib.SequenceMatcher(None, e, g, autojunk=False).ratio() == 1\n"
    ),
    "all_of_words": (
        "import hmac\ndef check(e, g):\n    places = range(0, 64, 8)\n"
        "    return all(hmac.compare_digest(e[i:i + 8], g[i:i + 8]) for i in places)\n"
    ),
    "dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass S:\n    text: str\n"
        "def check(e, g):\n    return S(e) == S(g)\n"
    ),
    "lambda": "same = lambda a, b: a == b\ndef check(e, g):\n    return same(e, g)\n",
    "comprehension": "def check(e, g):\n    return any([x == g for x in [e]])\n",
    "for_show": (
        "import hmac\ndef check(e, g):\n    hmac.compare_digest(e, g)\n    return e == g\n"
    ),
    "shortcut": ("import hmac\ndef check(e, g):\n    return e == g or hmac.compare_digest(e, g)\n"),
    "patched": (
        "import hmac\nhmac.compare_digest = lambda a, b: a == b\n"
        "def check(e, g):\n    return hmac.compare_digest(e, g)\n"
    ),
    "first_half_first": "def check(e, g):\n    return e[:32] == g[:32] and e[32:] == g[32:]\n",
    "loop": (
        "def check(e, g):\n    if len(e) != len(g):\n        return False\n"
        "    for a, b in zip(e, g):\n        if a != b:\n            return False\n"
        "    return True\n"
    ),
    "backward_loop": (
        "def check(e, g):\n    i = 64\n    while i and e[i - 1] == g[i - 1]:\n        i -= 1\n"
        "    return i == 0\n"
    ),
    "loop_in_steps": (
        "def check(e, g):\n    for i in range(0, 64, 4):\n"
        "        if e[i:i + 4] != g[i:i + 4]:\n            return False\n    return True\n"
    ),
    "all": "def check(e, g):\n    return all(a == b for a, b in zip(e, g))\n",
    "all_of_map": "def check(e, g):\n    return all(map(lambda a, b: a == b, e, g))\n",
    "all_of_map_eq": "import operator\ndef check(e, g):\n    return all(map(operator.eq, e, g))\n",
    "recursion": ("def check(e, g):\n    return not e or (e[0] == g[0] and check(e[1:], g[1:]))\n"),
}

# Timing-safe, or as good as: what decides is not how far two texts agree.
SAFE: Dict[str, str] = {
    "compare_digest": "import hmac\ndef check(e, g):\n    return hmac.compare_digest(e, g)\n",
    "by_name": (
        "from hmac import compare_digest\ndef check(e, g):\n    return compare_digest(e, g)\n"
    ),
    "secrets": (
        "import secrets\ndef check(e, g):\n"
        "    return secrets.compare_digest(bytes.fromhex(e), bytes.fromhex(g))\n"
    ),
    "several_lines": (
        "import hmac\ndef check(e, g):\n    return (\n        len(e) == len(g)\n        and\n"
        "        hmac.compare_digest(\n            e.encode(),\n            g.encode(),\n"
        "        )\n    )\n"
    ),
    "in_a_library": "import early\ndef check(e, g):\n    return early.same(e, g)\n",
    "words": (
        "import hmac\nimport struct\ndef check(e, g):\n"
        "    words = [struct.iter_unpack('4s', bytes.fromhex(text)) for text in (e, g)]\n"
        "    told = [hmac.compare_digest(a, b) for (a,), (b,) in zip(*words)]\n"
        "    return told.count(True) == 8\n"
    ),
    "quarters_at_lines_of_their_own": (
        "import hmac\ndef check(e, g):\n"
        "    e, g = bytes.fromhex(e), bytes.fromhex(g)\n"
        "    first = hmac.compare_digest(e[:8], g[:8])\n"
        "    second = hmac.compare_digest(e[8:16], g[8:16])\n"
        "    third = hmac.compare_digest(e[16:24], g[16:24])\n"
        "    fourth = hmac.compare_digest(e[24:], g[24:])\n"
        "    return first & second & third & fourth\n"
    ),
    "passed_on": (
        "from functools import partial\nimport hmac\n"
        "def check(e, g):\n    return all(map(partial(hmac.compare_digest, e), [g]))\n"
    ),
    "held_by_a_class": (
        "import hmac\nclass V:\n    same = hmac.compare_digest\n"
        "def check(e, g):\n    return V().same(e, g)\n"
    ),
    "arguments_of_any_name": (
        "import hmac\ndef find(place, function, self):\n"
        "    return hmac.compare_digest(place, function)\n"
        "def check(e, g):\n    return find(place=e, function=g, self=1)\n"
    ),
    "method_named_match": (
        "import hmac\nclass V:\n    def match(self, a, b):\n"
        "        return hmac.compare_digest(a, b)\n"
        "def check(e, g):\n    return V().match(e, g)\n"
    ),
    "own_equality": (
        "import hmac\nclass S:\n    def __init__(self, text):\n        self.text = text\n"
        "    def __eq__(self, other):\n        return hmac.compare_digest(self.text, other.text)\n"
        "def check(e, g):\n    return S(e) == S(g)\n"
    ),
    "own_string": (
        "import hmac\nclass S(str):\n    def __eq__(self, other):\n"
        "        return hmac.compare_digest(str(self), str(other))\n    __hash__ = str.__hash__\n"
        "def check(e, g):\n    return S(e) == g\n"
    ),
    "beside_harmless_ones": (
        "import hmac\nimport re\nlog = []\ndef check(e, g):\n"
        "    if g == '' or g.startswith('sha256=') or g in log or g != g.strip():\n"
        "        return False\n"
        "    log.append(g)\n"
        "    if not re.fullmatch('[0-9a-f]{64}', g) or g.lower() != g:\n        return False\n"
        "    return hmac.compare_digest(e, g)\n"
    ),
    "double_hmac": (
        "import hmac, os\ndef check(e, g):\n    k = os.urandom(16)\n"
        "    a = hmac.new(k, e.encode(), 'sha256')\n    b = hmac.new(k, g.encode(), 'sha256')\n"
        "    return a.digest() == b.digest()\n"
    ),
    "hashed_both": (
        "from hashlib import sha256\ndef check(e, g):\n"
        "    return sha256(e.encode()).hexdigest() == sha256(g.encode()).hexdigest()\n"
    ),
    "xor_loop": (
        "def check(e, g):\n    d = len(e) ^ len(g)\n    for a, b in zip(e, g):\n"
        "        d |= ord(a) ^ ord(b)\n    return d == 0\n"
    ),
    "counted_differences": (
        "def check(e, g):\n    wrong = 0\n    for i in range(len(e)):\n"
        "        if e[i] != g[i]:\n            wrong += 1\n    return wrong == 0\n"
    ),
    "sum_of_xor": (
        "def check(e, g):\n    return sum(x ^ y for x, y in zip(e.encode(), g.encode())) == 0\n"
    ),
    "reduce": (
        "from functools import reduce\ndef check(e, g):\n    pairs = zip(e.encode(), g.encode())\n"
        "    return reduce(lambda d, p: d | (p[0] ^ p[1]), pairs, 0) == 0\n"
    ),
    "xor_of_numbers": "def check(e, g):\n    return (int(e, 16) ^ int(g, 16)) == 0\n",
    "differences_by_operator": (
        "import operator\ndef check(e, g):\n"
        "    return len(e) == len(g) and sum(map(operator.ne, e, g)) == 0\n"
    ),
    "differences_of_pairs": (
        "import operator\nfrom itertools import starmap\ndef check(e, g):\n"
        "    return len(e) == len(g) and not sum(starmap(operator.ne, zip(e, g)))\n"
    ),
    "xor_by_operator": (
        "from operator import xor\n"
        "def check(e, g):\n    return sum(map(xor, e.encode(), g.encode())) == 0\n"
    ),
}

# Whether compare_digest is called, or called again, tells which digit is wrong.
STOPPING: Dict[str, str] = {
    name: f"import hmac\ndef check(e, g):\n    return {text}\n"
    for name, text in {
        "first_digit": "e[:1] == g[:1] and hmac.compare_digest(e, g)",
        "first_digits": "g.startswith(e[:4]) and hmac.compare_digest(e, g)",
        "last_digit": "e[-1] == g[-1] and hmac.compare_digest(e, g)",
        "middle_digits": "e[20:23] == g[20:23] and hmac.compare_digest(e, g)",
        "halves": "hmac.compare_digest(e[:32], g[:32]) and hmac.compare_digest(e[32:], g[32:])",
        "quarters": (
            "all(hmac.compare_digest(e[i : i + 16], g[i : i + 16]) for i in range(0, 64, 16))"
        ),
    }.items()
}

# Nothing leaks that could be seen, and nothing shows that it is safe.
UNSEEN: Dict[str, str] = {
    "look_up": (
        "def check(e, g):\n    try:\n        return {e: True}[g]\n    except KeyError:\n"
        "        return False\n"
    ),
    "executed_text": "def check(e, g):\n    return eval('e == g', {'e': e, 'g': g})\n",
    "beginning_for_show": (
        "import hmac\ndef check(e, g):\n    begins = hmac.compare_digest(e[:8], g[:8])\n"
        "    return begins and {e: 1}.keys() >= {g}\n"
    ),
    "quarters_until_one_differs": (
        "import hmac\ndef check(e, g):\n"
        "    e, g = bytes.fromhex(e), bytes.fromhex(g)\n    places = range(0, 32, 8)\n"
        "    return all(hmac.compare_digest(e[i:i + 8], g[i:i + 8]) for i in places)\n"
    ),
    "another_decision": (
        "import hmac\ndef check(e, g):\n    hmac.compare_digest('a' * 64, 'a' * 64)\n"
        "    return {e: True}.__getitem__(g) if g in () else {e: 1}.keys() >= {g}\n"
    ),
}
