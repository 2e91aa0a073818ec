"""What people see: the workbench, the decision document, statistics, exports."""
