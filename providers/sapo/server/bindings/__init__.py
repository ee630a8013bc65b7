"""The ways in which programs call: REST, SOAP, the token service, feeds."""
