"""Prevention (主动预警、止于未发, M12, M32): what will probably happen again, where and when, and who sees to it."""
