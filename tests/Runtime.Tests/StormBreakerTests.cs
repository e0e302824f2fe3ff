using Microsoft.Extensions.Time.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>50 dead letters of one fingerprint and over 80 % of the runs within a minute.</summary>
public sealed class StormBreakerTests
{
    private static readonly DeploymentRef One = new("default", Guid.NewGuid());

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_fiftieth_of_one_fingerprint_is_one_too_many()
    {
        var storms = new StormBreaker(_time);
        Assert.False(Fail(storms, 49));
        Assert.True(storms.Failed(One, "print"));
        Assert.False(storms.Failed(One, "print"));
    }

    [Theory]
    [InlineData(12, true)]
    [InlineData(13, false)]
    public void Only_where_over_four_fifths_of_the_runs_fail(int well, bool storm)
    {
        var storms = new StormBreaker(_time);
        for (var i = 0; i < well; i++) storms.Ended(One);
        Assert.False(Fail(storms, 49));
        Assert.Equal(storm, storms.Failed(One, "print"));
    }

    [Fact]
    public void Others_and_other_deployments_do_not_count()
    {
        var storms = new StormBreaker(_time);
        Assert.False(Fail(storms, 49));
        Assert.False(storms.Failed(One, "another"));
        Assert.False(storms.Failed(new DeploymentRef("default", Guid.NewGuid()), "print"));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public void What_is_older_than_a_minute_does_not_count(int seconds, bool storm)
    {
        var storms = new StormBreaker(_time);
        Assert.False(Fail(storms, 49));
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(storm, storms.Failed(One, "print"));
    }

    [Fact]
    public void Whatever_minute_it_is()
    {
        var storms = new StormBreaker(_time);
        Assert.False(Fail(storms, 1));
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.False(Fail(storms, 30));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(Fail(storms, 20));
    }

    private static bool Fail(StormBreaker storms, int times)
    {
        var storm = false;
        for (var i = 0; i < times; i++) storm |= storms.Failed(One, "print");
        return storm;
    }
}
