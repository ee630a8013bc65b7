"""A cheap hasher for SERVICE_PWD: long and random, so that more iterations would add cost and no safety."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class ServicePasswordHasher(PBKDF2PasswordHasher):
    """0.6 ms instead of 330 ms at every call that brings HTTP Basic credentials."""

    algorithm = "service_pbkdf2"
    iterations = 1000
