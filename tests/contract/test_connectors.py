"""Each connector keeps the contract against the sandbox, over HTTP."""

from dataclasses import replace

from tests.contract.cases import HUBSPOT, SALESFORCE, hubspot_by_date
from tests.contract.suite import contract_suite

TestSalesforce = contract_suite(SALESFORCE)
TestHubSpot = contract_suite(HUBSPOT)
TestHubSpotByDate = contract_suite(replace(HUBSPOT, connect=hubspot_by_date))
