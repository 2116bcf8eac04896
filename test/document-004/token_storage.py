"""Token persistence as a program that follows document 004 does it: reads and writes the token file, its times local."""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import List, Optional


@dataclass
class TokenData:
    access_token: str
    user_id: str
    user_name: str
    email: str
    broker: str
    issued_at: str
    expires_at: str
    exchanges: List[str]
    products: List[str]
    order_types: List[str]
    extended_token: Optional[str] = None


path = Path.home() / ".hft" / "tokens" / "upstox_token.json"

if sys.argv[1] == "read":
    token = TokenData(**json.loads(path.read_text()))
    remaining = datetime.fromisoformat(token.expires_at) - datetime.now()
    issued = datetime.now() - datetime.fromisoformat(token.issued_at)
    assert timedelta(0) <= issued < timedelta(minutes=5), token.issued_at
    assert timedelta(0) < remaining <= timedelta(hours=24), token.expires_at
    print(token.access_token)
else:
    now = datetime.now()
    token = TokenData(
        access_token="writ10n.by.pyth0n",
        user_id="USER123",
        user_name="John Doe",
        email="john@example.com",
        broker="UPSTOX",
        issued_at=now.isoformat(),
        # By the document's rule, which is the wrong way round.
        expires_at=now.replace(hour=3, minute=30, second=0, microsecond=0).isoformat(),
        exchanges=["NSE", "NFO"],
        products=["D", "CO", "I"],
        order_types=["MARKET", "LIMIT", "SL", "SL-M"],
        extended_token="extended.by.pyth0n",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        json.dump(asdict(token), file, indent=2)
