"""Publications as executable claims: what a paper says beside what the model gives."""
