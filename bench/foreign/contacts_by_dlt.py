"""HubSpot contacts by dlt's own source for REST APIs, typed by dlt, into Parquet files."""

import sys

import dlt
from dlt.sources.rest_api import rest_api_source


def main() -> None:
    token, properties, folder = sys.argv[1:]
    source = rest_api_source(
        {
            "client": {
                "base_url": "https://api.hubapi.com/",
                "auth": {"type": "bearer", "token": token},
                "paginator": {
                    "type": "cursor",
                    "cursor_path": "paging.next.after",
                    "cursor_param": "after",
                },
            },
            "resources": [
                {
                    "name": "contacts",
                    "endpoint": {
                        "path": "crm/v3/objects/contacts",
                        "params": {"limit": 100, "properties": properties},
                        "data_selector": "results",
                    },
                }
            ],
        }
    )
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=f"{folder}/pipelines",
        destination=dlt.destinations.filesystem(f"file://{folder}/lake"),
        dataset_name="raw",
    )
    pipeline.run(source, loader_file_format="parquet")
