r"""Heat of a cell of one temperature, per geometric area; positive heat warms the cell.

The current is positive on discharge. The balance is
:math:`C \, dT/dt = q_\mathrm{irr} + q_\mathrm{rev} - q_\mathrm{out}`.
"""

from scipy.special import exprel

from filmcell.arrays import Array


def irreversible_heat(i: Array | float, U: Array | float, V: Array | float) -> Array | float:
    r"""Heat of all losses of the voltage.

    .. math:: q_\mathrm{irr} = i \, (U - V)

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    U : float or ndarray
        Open-circuit voltage [V].
    V : float or ndarray
        Voltage [V].

    Returns
    -------
    float or ndarray
        Heat, never below 0 where losses are losses [W/m2].

    References
    ----------
    Bernardi, Pawlikowski & Newman, J. Electrochem. Soc. 132 (1985) 5.

    Examples
    --------
    >>> round(irreversible_heat(2.0, 3.9, 3.8), 9)
    0.2
    """
    return i * (U - V)


def reversible_heat(i: Array | float, T: Array | float, dUdT: Array | float) -> Array | float:
    r"""Heat of the entropy of the cell reaction.

    .. math:: q_\mathrm{rev} = -i \, T \, \frac{dU}{dT}

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    T : float or ndarray
        Temperature [K].
    dUdT : float or ndarray
        Derivative of the open-circuit voltage with respect to temperature [V/K].

    Returns
    -------
    float or ndarray
        Heat, of either sign [W/m2].

    References
    ----------
    Bernardi, Pawlikowski & Newman, J. Electrochem. Soc. 132 (1985) 5.

    Examples
    --------
    A voltage that falls with temperature warms the cell on discharge:

    >>> round(reversible_heat(2.0, 300.0, -0.1e-3), 9)
    0.06
    """
    return -i * T * dUdT


def exchanged_heat(T: Array | float, T_ambient: Array | float, h: Array | float) -> Array | float:
    r"""Heat that the cell gives to its surroundings.

    .. math:: q_\mathrm{out} = h \, (T - T_\mathrm{amb})

    Parameters
    ----------
    T : float or ndarray
        Temperature of the cell [K].
    T_ambient : float or ndarray
        Temperature of the surroundings [K].
    h : float or ndarray
        Heat transfer coefficient of the faces that are cooled [W/(m2 K)].

    Returns
    -------
    float or ndarray
        Heat, positive where the cell is the warmer one [W/m2].

    References
    ----------
    Newton's law of cooling.

    Examples
    --------
    >>> exchanged_heat(301.0, 298.0, 10.0)
    30.0
    """
    return h * (T - T_ambient)


def steady_temperature_rise(heat: Array | float, h: Array | float) -> Array | float:
    r"""Temperature over that of the surroundings at which a constant heat flows out.

    .. math:: \Delta T = q / h

    Parameters
    ----------
    heat : float or ndarray
        Heat made in the cell [W/m2].
    h : float or ndarray
        Heat transfer coefficient, above 0 [W/(m2 K)].

    Returns
    -------
    float or ndarray
        Rise [K].

    References
    ----------
    Newton's law of cooling.

    Examples
    --------
    >>> steady_temperature_rise(5.0, 10.0)
    0.5
    """
    return heat / h


def lumped_temperature(
    t: Array | float,
    heat: float,
    h: float,
    capacity: float,
    T_start: float,
    T_ambient: float,
) -> Array | float:
    r"""Temperature after a time of constant heat.

    .. math:: T = T_0 + \left[ \frac{q}{h} - (T_0 - T_\mathrm{amb}) \right]
              \left( 1 - e^{-h t / C} \right)

    With h = 0 it is the adiabatic rise :math:`T_0 + q t / C`.

    Parameters
    ----------
    t : float or ndarray
        Time since the heat began [s].
    heat : float
        Heat made in the cell [W/m2].
    h : float
        Heat transfer coefficient; 0 is allowed and means an adiabatic cell [W/(m2 K)].
    capacity : float
        Heat capacity C per area [J/(m2 K)].
    T_start : float
        Temperature at the start [K].
    T_ambient : float
        Temperature of the surroundings [K].

    Returns
    -------
    float or ndarray
        Temperature [K].

    References
    ----------
    Solution of the balance of heat of a body of one temperature.

    Examples
    --------
    >>> round(float(lumped_temperature(100.0, 5.0, 10.0, 1000.0, 298.0, 298.0)), 6)
    298.31606
    >>> round(float(lumped_temperature(100.0, 5.0, 0.0, 1000.0, 298.0, 298.0)), 6)
    298.5
    """
    # exprel(x) = (e^x - 1)/x, which is 1 at x = 0
    return T_start + (heat - h * (T_start - T_ambient)) * t / capacity * exprel(-h * t / capacity)
