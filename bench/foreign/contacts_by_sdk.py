"""HubSpot contacts by HubSpot's own SDK, as its readme has it, into one file of JSON lines."""

import json
import sys
from pathlib import Path

from hubspot import HubSpot


def main() -> None:
    address, token, properties, folder = sys.argv[1:]
    account = HubSpot(access_token=token, host=address)
    contacts = account.crm.contacts.get_all(properties=properties.split(","))
    with (Path(folder) / "contacts.jsonl").open("w") as file:
        for contact in contacts:
            file.write(json.dumps({"id": contact.id, **contact.properties}) + "\n")
