global using ServerlessCLM.Emulator;
