const char *greeting(void)
{
  return "Bonjour !";
}
