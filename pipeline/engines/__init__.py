"""The engines that a run can be carried out on, one file each: which options Beam is given, and where their programs are found."""
