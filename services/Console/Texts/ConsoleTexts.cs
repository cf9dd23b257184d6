namespace WpAsis.Console.Texts;

/// <summary>Names the resource files with the console's texts (ConsoleTexts.resx, ConsoleTexts.tr.resx).</summary>
internal sealed class ConsoleTexts;
