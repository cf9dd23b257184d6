using WpAsis.ServiceDefaults.Telemetry;

namespace WpAsis.ServiceDefaults.Tests.Telemetry;

public sealed class ContentCaptureTests
{
    [Fact]
    public void A_variable_that_asks_for_content_is_not_listened_to()
    {
        foreach (var variable in ContentCapture.Variables)
            Environment.SetEnvironmentVariable(variable, "true");

        ContentCapture.Refuse();

        ContentCapture.Variables.Select(Environment.GetEnvironmentVariable).ShouldAllBe(value => value == "false");
    }
}
