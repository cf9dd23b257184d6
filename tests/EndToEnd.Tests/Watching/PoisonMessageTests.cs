using System.Net;
using System.Text;
using WpAsis.EndToEnd.Tests.Intake;

namespace WpAsis.EndToEnd.Tests.Watching;

/// <summary>An error's own words may quote what a person wrote: nobody reads them.</summary>
public sealed class PoisonMessageTests(RunningSystem system)
{
    private const string Words = "kanarya-5813 was written";

    [Fact]
    public async Task A_message_that_nobody_can_handle_ends_in_the_error_queue_and_no_log_repeats_its_errors_words()
    {
        var contact = Meta.NewContact();
        var meta = new Meta(system);
        await using var responder = system.OpenDatabase("ai-responder");
        // No error of data: the whole message fails, again and again.
        await responder.RunAsync(
            $"""
            create function poison() returns trigger language plpgsql as $$
            begin
                raise exception '{Words}' using errcode = 'P0001';
            end $$;
            create trigger poison before insert on turn_message for each row execute function poison()
            """
        );
        IReadOnlyList<(string Queue, byte[] Body)> errors = [];
        try
        {
            (await meta.PostAsync(system.Demo, meta.Text(contact, "when are you open on Saturday?"))).ShouldBe(HttpStatusCode.OK);
            await RunningSystem.UntilAsync("the error queue", async () => (errors = await system.Bus.ReadErrorsAsync()).Count > 0);
        }
        finally
        {
            await responder.RunAsync("drop trigger poison on turn_message; drop function poison()");
        }

        var search = new SecretSearch(new Dictionary<string, string>(StringComparer.Ordinal) { [Words] = "error's words" });
        errors.Select(error => search.Find(error.Body)).OfType<string>().ShouldBeEmpty();
        search.Find(Encoding.UTF8.GetBytes(system.Log)).ShouldBeNull();
        system.Log.ShouldContain(nameof(Npgsql.PostgresException));
        await system.Demo.PassMarkerAsync(Meta.NewContact());
    }
}
