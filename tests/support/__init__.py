"""What tests share: the cast, small services, sites, workers."""
