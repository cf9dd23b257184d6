using OpenAI.Audio;

namespace WpAsis.AiResponder.ChatModels;

/// <summary>
/// What was said in a voice note. The file has the same name for everybody: the provider learns its format from the extension, and
/// nothing about the person from the rest.
/// </summary>
internal sealed class TranscribeAudio(ModelClients clients)
{
    private const string FileName = "voice.ogg";

    /// <param name="audio">Ogg with Opus, as WhatsApp records.</param>
    /// <param name="language">ISO 639-1, where it is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> RunAsync(Stream audio, string? language, CancellationToken cancellationToken)
    {
        var options = new AudioTranscriptionOptions { Language = language, ResponseFormat = AudioTranscriptionFormat.Simple };
        var result = await clients.Audio.TranscribeAudioAsync(audio, FileName, options, cancellationToken);
        return result.Value.Text;
    }
}
