"""One file, one model; each knows a cell and nothing of protocols, files or plots."""
