"""The bindings by which programs call: REST, SOAP, the token service, feeds."""
