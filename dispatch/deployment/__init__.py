"""Deployment (M13, M28): demand against unit hours, and what another deployment would have done in a recorded period."""
