"""Reports: the stored results of analyses of one study's votes."""
