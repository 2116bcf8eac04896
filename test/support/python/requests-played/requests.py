"""What the snippets use of requests, for a computer that does not have it."""

import json as _json
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class _Answer(object):
    def __init__(self, status, text):
        self.status_code = status
        self.text = text
        self.ok = status < 400

    def json(self):
        return _json.loads(self.text)


def get(url, headers=None, timeout=None):
    try:
        with urlopen(Request(url, headers=headers or {}), timeout=timeout) as answer:
            return _Answer(answer.status, answer.read().decode("utf-8"))
    except HTTPError as error:
        return _Answer(error.code, error.read().decode("utf-8"))
