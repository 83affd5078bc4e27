"""Salesforce Leads by simple-salesforce's client of Bulk API 2.0, into files of CSV."""

import sys
from typing import Any

from simple_salesforce.api import Salesforce


def main() -> None:
    client_id, secret, fields, folder = sys.argv[1:]
    org: Any = Salesforce(
        consumer_key=client_id, consumer_secret=secret, domain="acme.my", version="66.0"
    )
    org.bulk2.Lead.download(f"SELECT {fields} FROM Lead", folder, max_records=20_000)
