"""An app with a license: python app.py [license key]. Its settings are environment variables, which a real app compiles in."""

import json
import os
import sys
import tempfile
from pathlib import Path

from latchkey import FileStorage, LicenseClient, machine_device

product = os.environ["LATCHKEY_PRODUCT"]
default_file = Path(tempfile.gettempdir(), "latchkey-example", "license.json")

with LicenseClient(
    url=os.environ["LATCHKEY_URL"],
    api_key=os.environ["LATCHKEY_API_KEY"],
    product=product,
    version="2.1.0",
    released="2026-02-15",
    public_keys=json.loads(os.environ["LATCHKEY_KEYS"]),
    device=machine_device(product),
    storage=FileStorage(os.environ.get("LATCHKEY_FILE") or default_file),
) as license:
    status = license.status()
    if status.state == "not_activated" and len(sys.argv) > 1:
        status = license.activate(sys.argv[1])
    print(status.state)
    if status.error is not None:
        print(status.error, file=sys.stderr)
sys.exit(0 if status.usable else 1)
